package bot

import "container/list"

// recent keeps the values used last, within bounds on their number and bytes.
// The zero value is empty. It has no lock of its own: whoever has it guards it.
type recent[K comparable, V any] struct {
	entries map[K]*list.Element // of order, Value a *keptValue
	order   list.List           // used last first
	bytes   int
}

type keptValue[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

// find is the value of that key, the zero one when it is not kept.
func (r *recent[K, V]) find(key K) (value V) {
	e := r.entries[key]
	if e == nil {
		return value
	}
	r.order.MoveToFront(e)
	return e.Value.(*keptValue[K, V]).value
}

// add puts a value of that size in, and those out that were not used for longest
// until there are at most so many with so many bytes. One that is kept already,
// and one that alone is too large, is left.
func (r *recent[K, V]) add(key K, value V, size, most, mostBytes int) {
	if size > mostBytes || r.entries[key] != nil {
		return
	}
	if r.entries == nil {
		r.entries = map[K]*list.Element{}
	}
	r.entries[key] = r.order.PushFront(&keptValue[K, V]{key: key, value: value, bytes: size})
	r.bytes += size
	for len(r.entries) > most || r.bytes > mostBytes {
		r.drop(r.order.Back())
	}
}

// drop takes an entry out.
func (r *recent[K, V]) drop(e *list.Element) {
	kept := r.order.Remove(e).(*keptValue[K, V])
	delete(r.entries, kept.key)
	r.bytes -= kept.bytes
}

// dropAll takes out what passes.
func (r *recent[K, V]) dropAll(pass func(key K, value V) bool) {
	for e := r.order.Front(); e != nil; {
		next := e.Next()
		if kept := e.Value.(*keptValue[K, V]); pass(kept.key, kept.value) {
			r.drop(e)
		}
		e = next
	}
}
