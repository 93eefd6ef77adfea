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

/* Slots of the map from handles to fields; a power of two, at least twice the handles. */
#define CODER_SDATA_SLOTS 1024

typedef struct
{
  NVHandle handle; /* 0 for a free slot */
  guint8 sd_index;
  guint8 field;
} CoderSdataSlot;

/* All handles and tags that the parser ever uses, registered once at init: nothing that a sender
 * puts into a message becomes a name. */
typedef struct
{
  NVHandle pairs[CD_N_PAIR_FIELDS];
  LogMessageValueType types[CD_N_PAIR_FIELDS]; /* of the pairs */
  NVHandle journald[CD_N_WIRE_FIELDS];
  NVHandle sdata_reasons[CODER_SD_IDS_MAX]; /* disconnect_reason of each SD-ID, 0 at the end */
  CoderSdataSlot sdata[CODER_SDATA_SLOTS];
  NVHandle sdata_first; /* all handles of structured data lie between these two */
  NVHandle sdata_last;
  NVHandle raw_message; /* filled by flags(store-raw-message) */
  gboolean pairs_are_sdata;
  LogTagId tags[CD_N_TAGS];
} CoderNames;

/* Registers everything.  Fails with G_IO_ERROR_NO_SPACE where syslog-ng's table of tags is full:
 * a name registered then would silently be another tag. */
gboolean coder_names_init(CoderNames *self, const CoderOptions *options, GError **error);

/* Whether a handle may be one of ours in structured data: the quick answer for all others. */
static inline gboolean
coder_names_may_be_sdata(const CoderNames *self, NVHandle handle)
{
  return handle >= self->sdata_first && handle <= self->sdata_last;
}

/* The field that a handle of structured data stands for, for the SD-ID with this index. */
static inline gboolean
coder_names_find_sdata(const CoderNames *self, NVHandle handle, guint sd_index, CdField *field)
{
  for (guint at = handle % CODER_SDATA_SLOTS; self->sdata[at].handle;
       at = (at + 1) % CODER_SDATA_SLOTS)
    if (self->sdata[at].handle == handle)
      {
        *field = self->sdata[at].field;
        return self->sdata[at].sd_index == sd_index;
      }
  return FALSE;
}

#endif
