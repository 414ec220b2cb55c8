// Package homeward holds nothing: the rooms of the house stand in the folders
// know, form, keep, work and door. docs/design.md is their plan.
package homeward
