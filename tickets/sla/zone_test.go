package sla

import (
	"testing"
	"time"
)

// TestErasAgreeWithPackageTime asks for the offset twice a day from 1970 to 2200, where clocks are turned by rule, by
// table, in the north and in the south, and just before and after every turn.
func TestErasAgreeWithPackageTime(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Asia/Shanghai", "America/New_York", "Australia/Sydney", "America/Santiago", "Africa/Casablanca", "Europe/Dublin", "Pacific/Apia", "Africa/Monrovia"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loc, z, err := loadZone(name)
			if err != nil {
				t.Fatal(err)
			}
			check := func(instant int64) {
				_, want := time.Unix(instant, 0).In(loc).Zone()
				if got := z[z.at(instant)].offset; got != int64(want) {
					t.Fatalf("offset at %s = %d, want %d", time.Unix(instant, 0).UTC(), got, want)
				}
			}
			for instant := int64(0); instant < lastSecond; instant += daySeconds / 2 {
				check(instant)
			}
			for _, e := range z[1:] {
				check(e.from - 1)
				check(e.from)
			}
		})
	}
}
