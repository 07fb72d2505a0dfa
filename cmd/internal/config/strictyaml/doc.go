// Package strictyaml owns the reading of a YAML text into Go structs that nobody may misspell: every problem is found in
// one pass, each with its line and column, what is wrong and what was expected. The same structs give the JSON Schema, so
// that an editor and the program cannot disagree. It must not know what the structs are about and does no I/O.
//
// A struct's fields carry the tags yaml (the key), desc (one sentence, which every key must have), required:"true", and for
// whole numbers min and max. Texts are bounded by max code points, 200 where no tag says otherwise. A list may be written as
// its only element. Types with a form of their own implement [Written] or [Worded].
package strictyaml
