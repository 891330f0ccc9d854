"""What may be asked for: categories, items and their versions, forms, targets, drafts.

An `Item` is drafted and changes; an `ItemVersion` is immutable once it exists. `Item.current` is the version that is
offered now; only `workflow.actions.publish` sets it, through the protected `catalogue.lifecycle`.
A `Draft` is what somebody is filling in: draft and cart line at once.
"""
