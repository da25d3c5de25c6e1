// Package window drives the real program in a real window: Xvfb, a window
// manager, and the keys and mouse of xdotool, as a person would. It knows what
// the program says of itself in VITRINE_TRACE (see app/vitrine), so that it
// waits for what happened and never sleeps.
//
// The binaries come from VITRINE_BIN_DIR, which packaging/test sets, else from
// build/. With VITRINE_SHOTS set to a folder, each screen is also saved there
// to be looked at.
package window
