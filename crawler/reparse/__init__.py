"""Today's extractor over what is archived: `segment` makes records of one segment, `order` goes through all."""
