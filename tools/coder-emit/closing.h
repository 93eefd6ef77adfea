/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CLOSING_H
#define CD_CLOSING_H

#include "disconnect/classify.h"
#include "disconnect/record.h"

#define CD_CLOSING_ERROR (cd_closing_error_quark())

/**
 * CdClosingError:
 * @CD_CLOSING_ERROR_KEY: no such key, one that is not for others to set, or a second time
 * @CD_CLOSING_ERROR_VALUE: a value outside the set that the message names
 * @CD_CLOSING_ERROR_MISSING: nothing says why the connection ended
 * @CD_CLOSING_ERROR_CONTRADICTION: what cannot be true together
 */
typedef enum
{
  CD_CLOSING_ERROR_KEY,
  CD_CLOSING_ERROR_VALUE,
  CD_CLOSING_ERROR_MISSING,
  CD_CLOSING_ERROR_CONTRADICTION,
} CdClosingError;

GQuark cd_closing_error_quark(void);

/**
 * CdClosing:
 *
 * A closing record that is made from keys and values: fields of the record, and evidence from which
 * the rules find the verdict.
 */
typedef struct _CdClosing CdClosing;

/** Returns: (transfer full): an empty one; free with cd_closing_free() */
CdClosing *cd_closing_new(void);

/** Frees it. */
void cd_closing_free(CdClosing *self);

/** Sets a key. @key and @value are copied. */
gboolean cd_closing_set(CdClosing *self, CdText key, CdText value, GError **error);

/**
 * Classifies what was set.
 *
 * Returns: (transfer none): the record, which lives as long as @self; %NULL with an error
 */
const CdRecord *cd_closing_finish(CdClosing *self, GError **error);

/** Every key with its explanation, for the help: fields first, then evidence. */
gchar *cd_closing_describe_keys(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdClosing, cd_closing_free)

#endif
