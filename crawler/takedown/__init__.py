"""Taking a page out for good: `scope` finds all that is of it, `plan` makes the order, `carrying` does it."""
