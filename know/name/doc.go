// Package name reads people's names as they are written in East and South-East
// Asia and says how likely two spellings are one name, and why.
package name
