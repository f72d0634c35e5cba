"""Two worlds, told the same on the programme side and something else on the safety side.

They are lived through with the sites' own processes, roles and clusters, and compared byte for
byte: the database of the programme side and everything that it shows. Leaks are planted to see
whether they are caught. Source: security guide, sections 2.4 and 2.5, tests W1 to W15.
"""
