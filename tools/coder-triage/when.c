/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "when.h"

#define AS_DECLARED "as declared"

typedef struct _Question
{
  const gchar *name;
  const gchar *words; /* before the members */
  guint n_members;
  guint64 (*get_set)(const CdRule *rule);
  const gchar *(*get_name)(guint member);
} Question;

static guint64
_get_sites(const CdRule *rule)
{
  return rule->sites;
}

static guint64
_get_causes(const CdRule *rule)
{
  return rule->causes;
}

static guint64
_get_declared(const CdRule *rule)
{
  return rule->declared;
}

static guint64
_get_closers(const CdRule *rule)
{
  return rule->closers;
}

static guint64
_get_phases(const CdRule *rule)
{
  return rule->phases;
}

static const gchar *
_name_site(guint site)
{
  return site == CD_SITE_NONE ? "not known" : cd_site_get_info(site)->name;
}

static const gchar *
_name_cause(guint cause)
{
  return cd_cause_get_name(cause);
}

static const gchar *
_name_declared(guint declared)
{
  static const gchar *const names[] = {
    [CD_DECLARED_NOTHING] = "nothing",
    [CD_DECLARED_UNKNOWN] = "unknown",
    [CD_DECLARED_REASON] = "a reason of the vocabulary",
    [CD_DECLARED_TEXT] = "any other text",
  };
  G_STATIC_ASSERT(G_N_ELEMENTS(names) == CD_N_DECLARED);

  return names[declared];
}

static const gchar *
_name_closer(guint closer)
{
  static const gchar *const names[] = {
    [CD_CLOSER_NOBODY] = "nobody",
    [CD_CLOSER_AGENT] = "the agent",
    [CD_CLOSER_SERVER] = "coderd",
  };
  G_STATIC_ASSERT(G_N_ELEMENTS(names) == CD_N_CLOSERS);

  return names[closer];
}

static const gchar *
_name_phase(guint phase)
{
  static const gchar *const names[] = {
    [CD_PHASE_OPEN] = "open",
    [CD_PHASE_BEFORE_FIRST] = "before the first message",
    [CD_PHASE_FIRST_MESSAGE] = "inside the first message",
  };
  G_STATIC_ASSERT(G_N_ELEMENTS(names) == CD_N_PHASES);

  return names[phase];
}

static const Question questions[] = {
  [CD_WHEN_SITES] = { "sites", "site", CD_N_SITES, _get_sites, _name_site },
  [CD_WHEN_CAUSES] = { "causes", "cause", CD_N_CAUSES, _get_causes, _name_cause },
  [CD_WHEN_DECLARED] = { "declared", "declared", CD_N_DECLARED, _get_declared, _name_declared },
  [CD_WHEN_CLOSERS] = { "closers", "already closing", CD_N_CLOSERS, _get_closers, _name_closer },
  [CD_WHEN_PHASES] = { "phases", "phase", CD_N_PHASES, _get_phases, _name_phase },
};
G_STATIC_ASSERT(G_N_ELEMENTS(questions) == CD_N_WHENS);

const gchar *
cd_when_get_name(CdWhen when)
{
  return questions[when].name;
}

static void
_collect(const Question *question, guint64 set, GPtrArray *names)
{
  for (guint i = 0; i < question->n_members; i++)
    if ((set >> i) & 1)
      g_ptr_array_add(names, (gpointer) question->get_name(i));
}

gboolean
cd_when_get_names(CdWhen when, const CdRule *rule, GPtrArray *names)
{
  guint64 set = questions[when].get_set(rule);

  _collect(&questions[when], set, names);
  return set != 0;
}

/* "a", "a or b", "a, b or c". */
static void
_append_names(GString *text, const GPtrArray *names)
{
  for (guint i = 0; i < names->len; i++)
    {
      if (i > 0)
        g_string_append(text, i + 1 < names->len ? ", " : " or ");
      g_string_append(text, g_ptr_array_index(names, i));
    }
}

/* A set of most members reads better by those that it leaves out. */
static void
_append_question(GString *text, const Question *question, guint64 set)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  g_autoptr(GPtrArray) others = g_ptr_array_new();

  _collect(question, set, names);
  _collect(question, ~set, others);
  g_string_append_printf(text, "%s%s ", text->len ? "; " : "", question->words);
  if (others->len < names->len / 2)
    g_string_append(text, "any but ");
  _append_names(text, others->len < names->len / 2 ? others : names);
}

gchar *
cd_when_describe(const CdRule *rule)
{
  g_autoptr(GString) text = g_string_new(NULL);

  for (guint i = 0; i < CD_N_WHENS; i++)
    {
      guint64 set = questions[i].get_set(rule);
      if (set)
        _append_question(text, &questions[i], set);
    }
  return g_strdup(text->len ? text->str : "anything");
}

const gchar *
cd_rule_describe_reason(const CdRule *rule)
{
  return rule->gives == CD_GIVES_DECLARED ? AS_DECLARED : cd_reason_get_info(rule->reason)->name;
}

const gchar *
cd_rule_describe_initiator(const CdRule *rule)
{
  return rule->gives == CD_GIVES_FIXED ? cd_initiator_get_info(rule->initiator)->name : AS_DECLARED;
}

const gchar *
cd_rule_describe_expected(const CdRule *rule)
{
  if (rule->gives == CD_GIVES_DECLARED)
    return "by the reason";
  return cd_reason_is_expected(rule->reason) ? "yes" : "no";
}
