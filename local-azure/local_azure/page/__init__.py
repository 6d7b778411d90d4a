"""A local web page over the embedded Azure: files, their traces, what is done outside of Azure."""
