/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SDATA_H
#define CD_SDATA_H

#include "disconnect/statement.h"

/** Characters of an SD-NAME at most (RFC 5424, 6.3). */
#define CD_SDATA_NAME_MAX 32

/** SD-IDs that cd_sdata_read() looks for at most. */
#define CD_SDATA_IDS_MAX 64

/**
 * CdSdata:
 * @rest: what was not read yet
 * @is_open: inside an element
 * @is_broken: RFC 5424 allows nothing of what stands at @rest
 *
 * A reader of structured data (RFC 5424, 6.3). Strict: what breaks the grammar ends the reading.
 * Allocates nothing and moves over each byte once.
 */
typedef struct _CdSdata
{
  CdText rest;
  gboolean is_open;
  gboolean is_broken;
} CdSdata;

/** Starts at @text, whose first byte is that of the first element. */
static inline void
cd_sdata_init(CdSdata *self, CdText text)
{
  *self = (CdSdata) { text, FALSE, FALSE };
}

/**
 * Goes to the next element, past what was not read of the one before.
 *
 * Returns: %FALSE at the end of the structured data, where the reader's rest is whatever follows
 *   it, and where it is broken
 */
gboolean cd_sdata_next_element(CdSdata *self, CdText *id);

/**
 * Reads the next parameter of the element.
 *
 * @value: (out): as it stands between the quotes, still escaped
 *
 * Returns: %FALSE at the end of the element, and where it is broken
 */
gboolean cd_sdata_next_param(CdSdata *self, CdText *name, CdText *value);

/**
 * What a parameter's value stands for: a view where nothing is escaped, else a copy in @storage.
 * Only `\"`, `\\` and `\]` are escapes; any other backslash stands for itself.
 */
CdText cd_sdata_unescape(CdText value, CdStatement *storage);

/** Whether @text can be an SD-ID or the name of a parameter. */
gboolean cd_sdata_is_name(CdText text);

/**
 * Takes the fields of one element of ours into a statement: that of the first SD-ID in the list
 * that has an element with a reason. The first element of an SD-ID stands; another with the same
 * SD-ID is a contradiction and is not read; one with another SD-ID of ours and another reason is a
 * contradiction, too. What is broken keeps what stood before the break, and is malformed if one of
 * our SD-IDs stands anywhere in it.
 *
 * @sdata: the whole structured data
 * @sd_ids: our SD-IDs up to a %NULL, at least one, compared exactly
 *
 * Returns: whether one of our elements was there
 */
gboolean cd_sdata_read(CdText sdata, const gchar *const *sd_ids, CdStatement *statement);

/** Whether one of our SD-IDs stands anywhere in a text, however broken that is. */
gboolean cd_sdata_claims(CdText text, const gchar *const *sd_ids);

#endif
