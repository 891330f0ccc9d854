"""Services that live by registers, programs and rights, from the order to the end by their actions."""
