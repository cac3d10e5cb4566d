"""Reading the formats of news agencies: the parts that NITF, NewsML, NewsML-G2 and ninjs have in common."""
