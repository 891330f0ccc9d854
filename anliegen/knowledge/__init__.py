"""What people can read instead of asking: articles, what helped, announcements.

An `Article` is drafted and changes; an `ArticleVersion` is immutable and what people read. Items and steps that an
article helps with are named by their keys. An `Announcement` is told to everybody for a time.
"""
