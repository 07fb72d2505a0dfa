package tickets

import "testing"

// knownKinds is the length of allKinds, which the tests of every cell and role go through.
const knownKinds = 33

// TestTablesAgree finds a command that is in one table but not in the others.
func TestTablesAgree(t *testing.T) {
	t.Parallel()
	permitted := map[CommandKind]bool{}
	for _, kinds := range permits {
		for _, k := range kinds {
			permitted[k] = true
		}
	}
	for k := range doings {
		if _, ok := transitions[k]; !ok && k != CmdCreate {
			t.Errorf("%s has no row in the transition table", k)
		}
		if !permitted[k] {
			t.Errorf("nobody may %s", k)
		}
	}
	if got, want := len(doings), knownKinds; got != want {
		t.Errorf("there are %d commands; the tests' list allKinds and the grid have %d", got, want)
	}
	for k := range transitions {
		if doings[k] == nil {
			t.Errorf("nothing carries out %s", k)
		}
	}
	for k := range permitted {
		if doings[k] == nil {
			t.Errorf("nothing carries out %s, which is permitted", k)
		}
	}
}
