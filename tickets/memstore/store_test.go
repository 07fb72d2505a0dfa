package memstore_test

import (
	"testing"

	"gongdan/tickets/memstore"
	"gongdan/tickets/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Exercise(t, func(*testing.T) storetest.Harness {
		s := memstore.New(memstore.Options{Shards: 4})
		return storetest.Harness{Store: s, Shards: 4, Take: s.Take, AddInbox: s.AddInbox, Waiting: s.Inbox}
	})
}
