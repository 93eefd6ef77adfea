/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CONTEXT_H
#define CD_CONTEXT_H

#include "disconnect/text.h"

/**
 * Why a line is no record, where it looks as if it could be one: it is one of the lines that stand
 * around an end (spec: taxonomy, section 6 d), or says too little.
 *
 * @sd_ids: our SD-IDs up to a %NULL
 *
 * Returns: (transfer full) (nullable): one phrase, %NULL where nothing about it is known; free
 *   with g_free()
 */
gchar *cd_context_explain(CdText line, const gchar *const *sd_ids);

#endif
