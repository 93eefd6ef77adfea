/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PROOF_H
#define CD_PROOF_H

#include "disconnect/evidence.h"

/**
 * CdProof:
 * @name: the key
 * @allowed: which values it takes, in words
 * @explanation: one phrase for a person
 * @read: takes the value over; returns %FALSE for one that is not allowed
 *
 * A key that is no field of the record but evidence of an end.
 */
typedef struct _CdProof
{
  const gchar *name;
  const gchar *allowed;
  const gchar *explanation;
  gboolean (*read)(CdEvidence *evidence, CdText value);
} CdProof;

/** All of them; @n_proofs receives their number. */
const CdProof *cd_proofs(guint *n_proofs);

/** The one with this key, %NULL for another key. */
const CdProof *cd_proof_find(CdText key);

#endif
