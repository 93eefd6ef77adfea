/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/setting-pages.h"

#include "agent/options.h"

/* --- the manual ------------------------------------------------------------------------------- */

static void
_append_item(GString *out, gchar letter, const gchar *name, const gchar *metavar)
{
  g_string_append(out, ".It ");
  if (letter)
    g_string_append_printf(out, "Fl %c , ", letter);
  g_string_append_printf(out, "Fl -%s", name);
  if (metavar)
    g_string_append_printf(out, " Ns = Ns Ar %s", metavar);
  g_string_append_c(out, '\n');
}

static const gchar *
_get_reload(const CdSettingInfo *info)
{
  return info->is_fixed ? "A change needs a restart." : "SIGHUP changes it.";
}

/* Each on a line of its own, as mdoc wants it. */
static void
_append_sentences(GString *out, const gchar *text)
{
  g_auto(GStrv) sentences = g_strsplit(text, ". ", -1);
  g_autofree gchar *lines = g_strjoinv(".\n", sentences);

  g_string_append_printf(out, "%s%s\n", lines, g_str_has_suffix(lines, ".") ? "" : ".");
}

static void
_append_setting_item(GString *out, const CdSettingInfo *info)
{
  g_autofree gchar *help = cd_options_describe(info);

  if (info->kind == CD_SETTING_KIND_SWITCH)
    g_string_append_printf(out, ".It Fl -%s Op Ns = Ns Cm false\n", info->name);
  else
    _append_item(out, 0, info->name, info->metavar);
  g_string_append_printf(out, "%s.\n", help);
  if (info->more)
    _append_sentences(out, info->more);
  if (info->kind == CD_SETTING_KIND_LIST)
    g_string_append(out, "May be given several times.\n");
  g_string_append_printf(out, "%s\n", _get_reload(info));
}

void
cd_setting_pages_append_manual(GString *out)
{
  g_string_append(out, ".Bl -tag -width Ds\n");
  for (const CdOptionInfo *info = cd_options_get_infos(); info->name; info++)
    {
      _append_item(out, info->letter, info->name, info->metavar);
      g_string_append_printf(out, "%s.\n", info->help);
    }
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    _append_setting_item(out, cd_setting_get_info(i));
  g_string_append(out, ".El\n");
}

/* --- Markdown and the example ----------------------------------------------------------------- */

void
cd_setting_pages_append_table(GString *out)
{
  g_string_append(out, "| setting | meaning | SIGHUP |\n| --- | --- | --- |\n");
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      const CdSettingInfo *info = cd_setting_get_info(i);
      g_autofree gchar *help = cd_options_describe(info);

      g_string_append_printf(out, "| `%s` | %s | %s |\n", info->name, help,
                             info->is_fixed ? "" : "yes");
    }
}

static void
_append_example(GString *out, const CdSettingInfo *info)
{
  g_string_append_printf(out, "\n# %s.\n", info->help);
  if (info->choices)
    g_string_append_printf(out, "# One of: %s\n", info->choices);
  g_string_append_printf(out, "#%s=%s\n", info->name, info->standard ? info->standard : "");
}

void
cd_setting_pages_append_example(GString *out)
{
  g_string_append(out, "# SPDX-License-Identifier: LGPL-2.1-or-later\n"
                       "# Settings of coder-agentd, to be kept as " CD_SETTINGS_FILE ".\n"
                       "# What is commented out is the default, and what stands in brackets is\n"
                       "# done where nothing is set.  Several values of a setting stand with ; in\n"
                       "# between.\n"
                       "[" CD_SETTINGS_GROUP "]\n");
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    _append_example(out, cd_setting_get_info(i));
}

/* --- completion ------------------------------------------------------------------------------- */

static const gchar completion_head[] =
  "# SPDX-License-Identifier: LGPL-2.1-or-later\n"
  "# shellcheck shell=bash\n"
  "# Completion of coder-agentd for bash; printed from the table of settings, see DEVELOPING.md.\n"
  "\n"
  "# _coder_agentd_values OPTION: words that it takes, or \"@file\" and the like.\n"
  "_coder_agentd_values()\n"
  "{\n"
  "  case $1 in\n";

static const gchar completion_middle[] = "  esac\n"
                                         "}\n"
                                         "\n"
                                         "_coder_agentd_names()\n"
                                         "{\n";

static const gchar completion_tail[] =
  "}\n"
  "\n"
  "_coder_agentd()\n"
  "{\n"
  "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words action=\n"
  "\n"
  "  # Readline takes \"=\" and \":\" for words of their own.\n"
  "  if [ \"$word\" = = ]; then\n"
  "    word=\n"
  "  elif [ \"$before\" = = ]; then\n"
  "    before=${COMP_WORDS[COMP_CWORD - 2]}\n"
  "  fi\n"
  "  if [[ $word == -* ]]; then words=$(_coder_agentd_names)\n"
  "  elif [[ $before == : || $word == : ]]; then words=@file word=${word#:}\n"
  "  else words=$(_coder_agentd_values \"$before\"); fi\n"
  "  if [[ $words == @* ]]; then\n"
  "    action=${words#@}\n"
  "    words=\n"
  "    compopt -o filenames 2>/dev/null\n"
  "  fi\n"
  "  mapfile -t COMPREPLY < <(compgen -W \"$words\" ${action:+-A \"$action\"} -- \"$word\")\n"
  "  [[ ${COMPREPLY[*]} != *: ]] || compopt -o nospace 2>/dev/null\n"
  "}\n"
  "\n"
  "complete -F _coder_agentd coder-agentd\n";

static const gchar *
_get_words(const CdSettingInfo *info)
{
  if (info->kind == CD_SETTING_KIND_SWITCH)
    return "false true";
  return info->choices ? info->choices : info->complete;
}

void
cd_setting_pages_append_completion(GString *out)
{
  g_string_append(out, completion_head);
  g_string_append(out, "    -c | --config) echo @file ;;\n");
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      const CdSettingInfo *info = cd_setting_get_info(i);

      if (_get_words(info))
        g_string_append_printf(out, "    --%s) echo '%s' ;;\n", info->name, _get_words(info));
    }
  g_string_append(out, completion_middle);
  for (const CdOptionInfo *info = cd_options_get_infos(); info->name; info++)
    g_string_append_printf(out, "  echo '--%s'\n", info->name);
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    g_string_append_printf(out, "  echo '--%s'\n", cd_setting_get_info(i)->name);
  g_string_append(out, completion_tail);
}
