/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_RING_H
#define CD_RING_H

#include "disconnect/text.h"

#include <sys/uio.h>

/** Bytes of a ring. */
#define CD_RING_SIZE (256 * 1024)

/**
 * CdRing:
 *
 * The last bytes of an endless stream, named by their offset from its start. Readers keep an offset
 * each; the ring knows none of them.
 */
typedef struct _CdRing CdRing;

/** Returns: (transfer full): an empty one; its memory is taken as it fills. Free: cd_ring_free() */
CdRing *cd_ring_new(void);

/** Frees it. */
void cd_ring_free(CdRing *self);

/** Offset behind the last byte. */
guint64 cd_ring_get_head(const CdRing *self);

/** Offset of the first byte that is still there. */
guint64 cd_ring_get_tail(const CdRing *self);

/**
 * Where the next @length bytes go, over the oldest ones; %CD_RING_SIZE at most.
 *
 * Returns: how many of @pieces it takes, 1 or 2; 0 for no byte
 */
gint cd_ring_get_room(CdRing *self, gsize length, struct iovec pieces[2]);

/** So many bytes were put there. */
void cd_ring_advance(CdRing *self, gsize length);

/**
 * The bytes from @offset, which must be there, @length of them at most.
 *
 * Returns: how many of @pieces it takes; 0 for no byte
 */
gint cd_ring_read(const CdRing *self, guint64 offset, gsize length, struct iovec pieces[2]);

/** Appends the bytes from @offset to the head. */
void cd_ring_append_to(const CdRing *self, guint64 offset, GString *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdRing, cd_ring_free)

#endif
