/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SCREEN_MEMORY_H
#define CD_SCREEN_MEMORY_H

#include <glib.h>
#include <vterm.h>

/**
 * A libvterm terminal whose cells have pages of their own, which go back to the system with
 * vterm_free(): of a heap in which others live on, they would stay.
 */
VTerm *cd_screen_memory_new_vterm(gint rows, gint columns);

#endif
