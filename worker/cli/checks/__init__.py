"""The checks of `onrecord doctor`: each looks at one thing, and says how it is and what to do.

A check is a function that gives findings. It runs in a thread of its own with a bound (`asked`), since what is wrong
may be a disk or a server that never answers.
"""
