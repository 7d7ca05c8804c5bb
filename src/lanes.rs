//! The model for several draws at a time: every number is an array of lanes, one lane a draw.
