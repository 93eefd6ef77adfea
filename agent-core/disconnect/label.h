/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LABEL_H
#define CD_LABEL_H

#include "disconnect/mark.h"

/**
 * SECTION:label
 *
 * The closed sets of tags and counters that a log server has for records: those of their own, and
 * one for each member of a vocabulary.
 */

/** Tags, in the order in which they are registered and thus listed. */
typedef enum
{
  CD_TAG_DISCONNECT,
  CD_TAG_EXPECTED,
  CD_TAG_UNEXPECTED,
  CD_TAG_MARK,
  CD_TAG_DUPLICATE = CD_TAG_MARK + CD_N_MARKS,
  CD_TAG_REASON,
  CD_TAG_LAYER = CD_TAG_REASON + CD_N_REASONS, /* there is none for %CD_LAYER_NONE */
  CD_N_TAGS = CD_TAG_LAYER + CD_N_LAYERS - 1
} CdTag;

typedef enum
{
  CD_COUNTER_REASON,
  CD_COUNTER_INITIATOR = CD_COUNTER_REASON + CD_N_REASONS,
  CD_COUNTER_LAYER = CD_COUNTER_INITIATOR + CD_N_INITIATORS,
  CD_COUNTER_EXPECTED = CD_COUNTER_LAYER + CD_N_LAYERS,
  CD_COUNTER_UNEXPECTED,
  CD_COUNTER_MARK,
  CD_COUNTER_RESCUED = CD_COUNTER_MARK + CD_N_MARKS,
  CD_COUNTER_DUPLICATE,
  CD_COUNTER_EVICTED,
  CD_N_COUNTERS
} CdCounter;

/** The tag of a layer other than %CD_LAYER_NONE. */
static inline CdTag
cd_tag_of_layer(CdLayer layer)
{
  return CD_TAG_LAYER + (layer - CD_LAYER_NONE - 1);
}

/** Returns: (transfer full): a tag without its prefix. */
gchar *cd_tag_make_name(CdTag tag);

/** What a tag stands for, in a phrase for a person. */
const gchar *cd_tag_get_explanation(CdTag tag);

/** The kind of a counter: counters of one kind stand one after the other. */
const gchar *cd_counter_get_kind(CdCounter counter);

/** What a counter counts of its kind; "none" for the empty member of a vocabulary. */
const gchar *cd_counter_get_value(CdCounter counter);

#endif
