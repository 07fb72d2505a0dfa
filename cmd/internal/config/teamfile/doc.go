// Package teamfile owns the team file: the rules of a workspace as its people write them in YAML. It reads the file, says
// everything that is wrong with it at its line, and makes [tickets.Policy] of it. It must not know where the file is kept,
// who reads it again, or how a policy is carried out; time is passed in. Sources of the rules: DOMAIN sections 2, 4 and 5.
package teamfile
