"""What authors need: check, explain, new; and the pages made from declarations."""
