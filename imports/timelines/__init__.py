"""Reading cuts: files of editing programs, as the clips of a timeline."""
