"""Group passages into families and overlaps into stories; choose which article to keep."""
