package lm

// Discounts are what the tests' own model takes from the counts.
var Discounts = discounts
