//go:build race

package picture

// slower is how much longer a test may take: the race detector watches every
// pixel.
const slower = 20
