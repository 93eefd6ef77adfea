/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rules.h"

#include "command.h"
#include "when.h"

#define NAME_COLUMN 4
#define VERDICT_COLUMN 32

static gchar *color;
static gboolean as_json;
static gboolean as_markdown;

static const GOptionEntry entries[] = {
  { "color", 0, 0, G_OPTION_ARG_STRING, &color, "auto, always or never [auto]", "WHEN" },
  { "json", 'j', 0, G_OPTION_ARG_NONE, &as_json, "Print all tables as one JSON object", NULL },
  { "markdown", 'm', 0, G_OPTION_ARG_NONE, &as_markdown, "Print all tables as Markdown", NULL },
  { NULL },
};

static const gchar description[] =
  "The rules are tried in their order; the first that matches decides. Their numbers are those of\n"
  "the pair `rule`, and never change.\n";

static void
_print_expected(CdPaper *paper, const CdRule *rule)
{
  gboolean expected = cd_reason_is_expected(rule->reason);

  if (rule->gives == CD_GIVES_DECLARED)
    cd_paper_end_line(paper);
  else
    cd_paper_add_right(paper, NAME_COLUMN, expected ? CD_INK_GOOD : CD_INK_BAD,
                       expected ? "expected" : "investigate");
}

static void
_print_verdict(CdPaper *paper, const CdRule *rule)
{
  guint column = cd_paper_is_narrow(paper) ? NAME_COLUMN : VERDICT_COLUMN;
  const gchar *initiator = cd_rule_describe_initiator(rule);
  g_autofree gchar *text = g_strconcat(*initiator ? " / " : "", initiator, NULL);

  if (cd_paper_is_narrow(paper))
    cd_paper_end_line(paper);
  cd_paper_add(paper, column, CD_INK_STRONG, cd_rule_describe_reason(rule));
  cd_paper_add(paper, column, CD_INK_PLAIN, text);
  _print_expected(paper, rule);
}

static void
_print_rule(CdPaper *paper, const CdRule *rule)
{
  g_autofree gchar *when = cd_when_describe(rule);
  g_autofree gchar *condition = g_strconcat("when ", when, NULL);

  cd_paper_tab(paper, rule->number < 10 ? 1 : 0);
  cd_paper_add(paper, 0, CD_INK_FAINT, cd_rule_get_number_text(rule));
  cd_paper_add(paper, NAME_COLUMN, CD_INK_STRONG, rule->name);
  _print_verdict(paper, rule);
  cd_paper_paragraph(paper, NAME_COLUMN, CD_INK_PLAIN, rule->sentence);
  cd_paper_paragraph(paper, NAME_COLUMN, CD_INK_FAINT, condition);
  cd_paper_end_line(paper);
}

static void
_print_rules(CdPaper *paper)
{
  guint n_rules;
  const CdRule *rules = cd_rules(&n_rules);

  for (guint i = 0; i < n_rules; i++)
    _print_rule(paper, &rules[i]);
  cd_paper_paragraph(paper, 0, CD_INK_PLAIN,
                     "The first rule that matches decides; it gives reason / initiator.");
}

static CdExit
_run(gchar **argv)
{
  g_auto(GStrv) arguments = g_strdupv(argv);
  CdColour colour = CD_COLOUR_AUTO;
  CdPaper paper;

  if (!cd_command_parse(&cd_rules_command, entries, description, &arguments)
      || !cd_command_parse_colour(&cd_rules_command, color, &colour))
    return CD_EXIT_WRONG_USE;
  if (arguments[1])
    return cd_command_wrong_use(&cd_rules_command, "unexpected argument: %s", arguments[1]);
  if (as_json && as_markdown)
    return cd_command_wrong_use(&cd_rules_command, "--json and --markdown exclude each other");
  cd_paper_init(&paper, stdout, colour);
  if (as_json)
    cd_rules_print_json(stdout);
  else if (as_markdown)
    cd_rules_print_markdown(stdout);
  else
    _print_rules(&paper);
  return cd_command_finish_output();
}

const CdCommand cd_rules_command = { "rules", "",
                                     "Prints the rules that turn what was seen into a verdict.",
                                     _run };
