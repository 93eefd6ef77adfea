/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_RULE_H
#define CD_RULE_H

#include "disconnect/evidence.h"

/** What a rule gives besides its fixed reason and initiator. */
typedef enum
{
  CD_GIVES_FIXED,              /* reason and initiator as in the row */
  CD_GIVES_DECLARED,           /* the sender's reason */
  CD_GIVES_DECLARED_INITIATOR, /* the row's reason, the sender's or configured initiator */
  CD_GIVES_NOTHING,            /* no verdict can be had from what was said */
} CdGives;

/**
 * CdRule:
 * @number: stands in records and is never given to another rule
 * @name: stable, for people
 * @sentence: why the verdict is so
 * @sites: set of #CdSite bits, 0 for any
 * @causes: set of #CdCause bits, 0 for any
 * @declared: set of #CdDeclared bits, 0 for any
 * @closers: set of #CdCloser bits, 0 for any
 * @phases: set of #CdPhase bits, 0 for any
 * @gives: where reason and initiator come from
 * @reason: the verdict's reason
 * @initiator: the verdict's initiator
 */
typedef struct _CdRule
{
  guint number;
  const gchar *name;
  const gchar *sentence;
  guint32 sites;
  guint64 causes;
  guint8 declared;
  guint8 closers;
  guint8 phases;
  CdGives gives;
  CdReason reason;
  CdInitiator initiator;
} CdRule;

/** At most so many rules, so that a person can read them all. */
#define CD_RULES_MAX 50

/** The last rule, which always fits. */
#define CD_RULE_NOTHING_KNOWN 45

/** The table, in the order in which it is tried; @n_rules receives its length. */
const CdRule *cd_rules(guint *n_rules);

/** The rule with this number, %NULL for none. */
const CdRule *cd_rule_get(guint number);

/** The rule's number as text. */
const gchar *cd_rule_get_number_text(const CdRule *self);

/** The first rule that matches; the last one matches anything. */
const CdRule *cd_rule_find(const CdEvidence *evidence, CdCause cause);

#endif
