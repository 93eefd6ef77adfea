/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_NAMES_H
#define CODER_DISCONNECT_NAMES_H

#include "coder-disconnect-options.h"

#include "disconnect/field.h"
#include "disconnect/label.h"
#include "disconnect/site.h"

#include "logmsg/logmsg.h"
#include "logmsg/tags.h"

/* syslog-ng lists so many parameters of a message at most; it complains about each one more, which
 * is there without being listed. */
#define CODER_SDATA_LISTED_MAX G_MAXUINT8

/* Slots of a map from handles to fields; a power of two, at least twice the handles. */
#define CODER_SLOTS 1024

typedef struct
{
  NVHandle handle; /* 0 for a free slot */
  guint8 sd_index; /* of the SD-ID, where the map has those of several */
  guint8 field;
} CoderSlot;

typedef struct
{
  CoderSlot slots[CODER_SLOTS];
  NVHandle first; /* all handles lie between these two */
  NVHandle last;
} CoderHandleMap;

/* All handles and tags that the parser ever uses, registered once at init: nothing that a sender
 * puts into a message becomes a name. */
typedef struct
{
  NVHandle pairs[CD_N_PAIR_FIELDS];
  LogMessageValueType types[CD_N_PAIR_FIELDS]; /* of the pairs */
  NVHandle journald[CD_N_WIRE_FIELDS];
  NVHandle sdata_reasons[CODER_SD_IDS_MAX]; /* disconnect_reason of each SD-ID, 0 at the end */
  CoderHandleMap sdata;
  CoderHandleMap own;   /* the pairs, by handle */
  NVHandle raw_message; /* filled by flags(store-raw-message) */
  gboolean pairs_are_sdata;
  LogTagId tags[CD_N_TAGS];
} CoderNames;

/* Registers everything.  Fails with G_IO_ERROR_NO_SPACE where syslog-ng's table of tags is full:
 * a name registered then would silently be another tag. */
gboolean coder_names_init(CoderNames *self, const CoderOptions *options, GError **error);

/* Whether a handle may be in the map: the quick answer for most others. */
static inline gboolean
coder_handle_map_may_have(const CoderHandleMap *self, NVHandle handle)
{
  return handle >= self->first && handle <= self->last;
}

/* What a handle stands for, NULL for a handle that is not in the map. */
static inline const CoderSlot *
coder_handle_map_find(const CoderHandleMap *self, NVHandle handle)
{
  if (!coder_handle_map_may_have(self, handle))
    return NULL;
  for (guint at = handle % CODER_SLOTS; self->slots[at].handle; at = (at + 1) % CODER_SLOTS)
    if (self->slots[at].handle == handle)
      return &self->slots[at];
  return NULL;
}

#endif
