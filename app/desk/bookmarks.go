package desk

import "vitrine/app/room"

func (r *roomScreen) setBookmarks([]room.Bookmark) {}
