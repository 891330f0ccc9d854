"""One request as an archive for its reader: PDF, JSON, files, and how to check all of it.

`told` gathers what this reader may see, in their language; `pdf` sets it; `bundle` packs it while it is sent.
"""
