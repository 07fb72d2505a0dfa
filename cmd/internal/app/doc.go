// Package app wires the parts into a running bot and owns their lifecycle: what starts, in which order it stops, and when
// it is ready. It decides nothing about tickets or words.
package app
