/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_WHEN_H
#define CD_WHEN_H

#include "disconnect/rule.h"

/** What a rule can ask about, each a set in its row. */
typedef enum
{
  CD_WHEN_SITES,
  CD_WHEN_CAUSES,
  CD_WHEN_DECLARED,
  CD_WHEN_CLOSERS,
  CD_WHEN_PHASES,
  CD_N_WHENS
} CdWhen;

/** The question's name, as in a rule's row: "sites", "causes" and so on. */
const gchar *cd_when_get_name(CdWhen when);

/** The members that a rule asks for, by name, and %FALSE where any will do. */
gboolean cd_when_get_names(CdWhen when, const CdRule *rule, GPtrArray *names);

/**
 * All that a rule asks for, in words: "site pty; cause reset or timeout".
 *
 * Returns: (transfer full): "anything" for a rule that always matches; free with g_free()
 */
gchar *cd_when_describe(const CdRule *rule);

/** The reason that a rule gives, in words. */
const gchar *cd_rule_describe_reason(const CdRule *rule);

/** The initiator that a rule gives, in words; empty where it gives none. */
const gchar *cd_rule_describe_initiator(const CdRule *rule);

/** Whether what a rule gives is normal operation, in words. */
const gchar *cd_rule_describe_expected(const CdRule *rule);

#endif
