//! Nothing: the programs are the examples, one for each figure.
