"""Where a running daemon tells how it is. It only tells: there is nothing here that changes anything."""
