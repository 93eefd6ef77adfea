/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/options.h"

#include <string.h>

static const CdOptionInfo infos[] = {
  { "config", 'c', "FILE", "Read this key file [" CD_SETTINGS_FILE ", if it is there]" },
  { "check", 0, NULL, "Check the settings, say all that is wrong, and stop" },
  { "print-config", 0, NULL, "Print each setting and where it comes from" },
  { "version", 0, NULL, "Print the version" },
  { "help", 'h', NULL, "Show help options" }, /* GLib's own */
  { NULL },
};

enum
{
  INFO_CONFIG,
  INFO_CHECK,
  INFO_PRINT,
  INFO_VERSION,
  INFO_HELP,
  N_INFOS
};
G_STATIC_ASSERT(G_N_ELEMENTS(infos) == N_INFOS + 1);

const CdOptionInfo *
cd_options_get_infos(void)
{
  return infos;
}

/* --- settings --------------------------------------------------------------------------------- */

static void
_add(GStrv *texts, const gchar *text)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  if (*texts)
    g_strv_builder_addv(builder, (const gchar **) *texts);
  g_strv_builder_add(builder, text);
  g_strfreev(*texts);
  *texts = g_strv_builder_end(builder);
}

static gboolean
_on_flag(const gchar *flag, const gchar *text, gpointer user_data, GError **error)
{
  CdOptions *self = user_data;
  CdSetting setting = cd_setting_find(flag + strlen("--"));

  if (!cd_setting_check(setting, text ? text : "true", error))
    {
      g_prefix_error(error, "--");
      return FALSE;
    }
  if (cd_setting_get_info(setting)->kind != CD_SETTING_KIND_LIST)
    g_clear_pointer(&self->texts[setting], g_strfreev);
  _add(&self->texts[setting], text ? text : "true");
  return TRUE;
}

gchar *
cd_options_describe(const CdSettingInfo *info)
{
  if (info->choices && info->standard)
    return g_strdup_printf("%s: %s [%s]", info->help, info->choices, info->standard);
  if (info->standard && info->kind != CD_SETTING_KIND_SWITCH)
    return g_strdup_printf("%s [%s]", info->help, info->standard);
  return g_strdup(info->help);
}

/* A switch may be turned off as well: --trust-loopback=false. */
static GOptionEntry
_make_entry(const CdSettingInfo *info, GStringChunk *texts)
{
  g_autofree gchar *help = cd_options_describe(info);
  gboolean is_switch = info->kind == CD_SETTING_KIND_SWITCH;

  return (GOptionEntry) {
    .long_name = info->name,
    .flags = is_switch ? G_OPTION_FLAG_OPTIONAL_ARG : 0,
    .arg = G_OPTION_ARG_CALLBACK,
    .arg_data = (gpointer) _on_flag,
    .description = g_string_chunk_insert(texts, help),
    .arg_description = is_switch ? "false" : info->metavar,
  };
}

static void
_add_settings(GOptionGroup *group, GStringChunk *texts)
{
  GOptionEntry entries[CD_N_SETTINGS + 1] = { 0 };

  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    entries[i] = _make_entry(cd_setting_get_info(i), texts);
  g_option_group_add_entries(group, entries);
}

/* --- tasks ------------------------------------------------------------------------------------ */

typedef struct _Tasks
{
  gboolean check;
  gboolean print;
  gboolean version;
} Tasks;

static CdTask
_get_task(const Tasks *tasks)
{
  if (tasks->version)
    return CD_TASK_VERSION;
  if (tasks->print)
    return CD_TASK_PRINT;
  return tasks->check ? CD_TASK_CHECK : CD_TASK_SERVE;
}

static void
_add_own(GOptionGroup *group, CdOptions *self, Tasks *tasks)
{
  gpointer const places[N_INFOS] = { &self->file, &tasks->check, &tasks->print, &tasks->version };
  GOptionEntry entries[N_INFOS] = { 0 };

  for (guint i = 0; i < INFO_HELP; i++)
    entries[i] = (GOptionEntry) {
      .long_name = infos[i].name,
      .short_name = infos[i].letter,
      .arg = infos[i].metavar ? G_OPTION_ARG_FILENAME : G_OPTION_ARG_NONE,
      .arg_data = places[i],
      .description = infos[i].help,
      .arg_description = infos[i].metavar,
    };
  g_option_group_add_entries(group, entries);
}

static GOptionContext *
_make_context(CdOptions *self, Tasks *tasks, GStringChunk *texts)
{
  GOptionContext *context = g_option_context_new(NULL);
  GOptionGroup *group = g_option_group_new("main", NULL, NULL, self, NULL);

  _add_own(group, self, tasks);
  _add_settings(group, texts);
  g_option_context_set_main_group(context, group);
  g_option_context_set_summary(
    context, "Serves terminals of a workspace, and writes one record for each that ends.");
  g_option_context_set_description(
    context,
    "Each setting can also stand in the environment, as CODER_AGENT_ and its name in upper case\n"
    "with _ for -, and in the group [" CD_SETTINGS_GROUP "] of the key file. Flags come first.\n");
  return context;
}

gboolean
cd_options_read(CdOptions *self, const gchar *const *argv, GError **error)
{
  g_auto(GStrv) arguments = g_strdupv((gchar **) argv);
  g_autoptr(GStringChunk) texts = g_string_chunk_new(1024);
  Tasks tasks = { 0 };
  g_autoptr(GOptionContext) context = _make_context(self, &tasks, texts);
  g_autoptr(GError) wrong = NULL;

  if (!g_option_context_parse_strv(context, &arguments, &wrong))
    {
      g_set_error_literal(error, CD_SETTING_ERROR, CD_SETTING_ERROR_USE, wrong->message);
      return FALSE;
    }
  self->task = _get_task(&tasks);
  if (!arguments[0] || !arguments[1])
    return TRUE;
  g_set_error(error, CD_SETTING_ERROR, CD_SETTING_ERROR_USE, "%s: no such argument", arguments[1]);
  return FALSE;
}

void
cd_options_clear(CdOptions *self)
{
  g_clear_pointer(&self->file, g_free);
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    g_clear_pointer(&self->texts[i], g_strfreev);
}
