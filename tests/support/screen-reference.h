/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A terminal to compare with: libvterm by itself, on the bytes as they are. */
#ifndef CD_SCREEN_REFERENCE_H
#define CD_SCREEN_REFERENCE_H

#include "disconnect/text.h"

typedef struct _ScreenReference ScreenReference;

/** Returns: (transfer full): a blank one; free with screen_reference_free() */
ScreenReference *screen_reference_new(gint rows, gint columns);

void screen_reference_free(ScreenReference *self);

/** Writes the bytes to it. */
void screen_reference_feed(ScreenReference *self, CdText bytes);

/** Gives it a new size. */
void screen_reference_resize(ScreenReference *self, gint rows, gint columns);

/**
 * All that can be seen or asked of it, a line each: cells with their looks, cursor, pen, modes,
 * margins, cursor shape, titles, what the keypad sends.
 *
 * Returns: (transfer full)
 */
gchar *screen_reference_describe(ScreenReference *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScreenReference, screen_reference_free)

#endif
