"""Stored files: what people attach, kept once per content and served by their owners only.

A file is first *staged* (uploaded, not yet part of anything; gone after a day) and then *claimed* by an object, whose
package decides who may read it. The content lies under its sha256 and was forced to disk before its row existed, so
there is no row without its file. A sweep deletes what nobody claimed.
"""
