package search

import "vitrine/index/content"

// WithChoices is the same query over texts that are decoded as a person chose. The index
// was made of the recognised encodings, so that these blobs are read whatever it says.
func (q *Query) WithChoices(c content.Choices) *Query {
	with := *q
	with.choices = c
	return &with
}

// info is what is known of blob n, as the query decodes it; chosen tells that a person
// set its encoding.
func (ix *Index) info(q *Query, n int) (info content.Info, chosen bool) {
	if n >= ix.docs { // also of an early index
		info = ix.others[n-ix.docs]
	} else {
		info, _ = ix.content.Info(ix.blobs[n])
	}
	if e, ok := q.choices[ix.blobs[n]]; ok {
		info.Encoding, chosen = e, true
	}
	return info, chosen
}

// isText reports whether blob n is searched as text, and whether that was chosen by a
// person; of what is no blob, n is negative.
func (ix *Index) isText(q *Query, n int) (text, chosen bool) {
	if n < 0 || len(q.choices) == 0 {
		return n >= 0 && n < ix.docs, false
	}
	info, chosen := ix.info(q, n)
	if !chosen {
		return n < ix.docs, false
	}
	return searchable(info), true
}
