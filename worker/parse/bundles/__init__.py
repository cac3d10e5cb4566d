"""Bundles: files in which a media database (Nexis, Factiva, …) exports many articles, and the articles in them.

`bundle` has the shape that all databases share: how a document begins, how it is read, how many the bundle says it
has. One module for each database and layout says the rest. The modules in `worker.parse.formats` make formats of them.
"""
