"""A file for each notebook. JUDGES are functions of what is handed in, in the exercises' order.

A judge returns why the answer is right, or raises NotYet or NotRight with the words.
"""
