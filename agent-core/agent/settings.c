/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent/settings.h"

#include <string.h>

#define PROGRAM "coder-agentd"

typedef struct _Value
{
  gchar **texts;
  gchar *origin;
} Value;

struct _CdSettings
{
  CdSettingsTask task;
  gchar *file;
  Value values[CD_N_SETTINGS];
  GError *wrong; /* of a flag, until the command line is read */
};

/* clang-format off */
G_DEFINE_QUARK(cd-settings-error-quark, cd_settings_error)
/* clang-format on */

static gboolean
_is_set(const Value *value)
{
  return value->texts != NULL;
}

static void
_add(Value *self, const gchar *text, const gchar *origin)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

  if (self->texts)
    g_strv_builder_addv(builder, (const gchar **) self->texts);
  g_strv_builder_add(builder, text);
  g_strfreev(self->texts);
  self->texts = g_strv_builder_end(builder);
  g_free(self->origin);
  self->origin = g_strdup(origin);
}

/* --- flags ------------------------------------------------------------------------------------ */

static CdSetting
_find(const gchar *name)
{
  CdSetting setting = 0;

  while (setting < CD_N_SETTINGS && !g_str_equal(cd_setting_get_info(setting)->name, name))
    setting++;
  return setting;
}

static gboolean
_on_flag(const gchar *flag, const gchar *text, gpointer user_data, GError **error)
{
  CdSettings *self = user_data;
  CdSetting setting = _find(flag + strlen("--"));
  Value *value = &self->values[setting];

  if (!cd_setting_check(setting, text ? text : "true", error))
    {
      g_prefix_error(error, "--");
      return FALSE;
    }
  if (cd_setting_get_info(setting)->kind != CD_SETTING_KIND_LIST)
    g_clear_pointer(&value->texts, g_strfreev);
  _add(value, text ? text : "true", "flag");
  return TRUE;
}

/* A switch may be turned off as well: --trust-loopback=false. */
static gint
_get_option_flags(const CdSettingInfo *info)
{
  return info->kind == CD_SETTING_KIND_SWITCH ? G_OPTION_FLAG_OPTIONAL_ARG : 0;
}

static gchar *
_make_help(const CdSettingInfo *info)
{
  if (info->choices && info->standard)
    return g_strdup_printf("%s: %s [%s]", info->help, info->choices, info->standard);
  if (info->standard && info->kind != CD_SETTING_KIND_SWITCH)
    return g_strdup_printf("%s [%s]", info->help, info->standard);
  return g_strdup(info->help);
}

/* Returns: the entries of the table, which belong to @texts. */
static GOptionEntry *
_make_entries(GStringChunk *texts)
{
  GOptionEntry *entries = g_new0(GOptionEntry, CD_N_SETTINGS + 1);

  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      const CdSettingInfo *info = cd_setting_get_info(i);
      g_autofree gchar *help = _make_help(info);
      gboolean is_switch = info->kind == CD_SETTING_KIND_SWITCH;

      entries[i] = (GOptionEntry) { info->name,
                                    0,
                                    _get_option_flags(info),
                                    G_OPTION_ARG_CALLBACK,
                                    (gpointer) _on_flag,
                                    g_string_chunk_insert(texts, help),
                                    is_switch ? "false" : info->metavar };
    }
  return entries;
}

typedef struct _Tasks
{
  gboolean check;
  gboolean print;
  gboolean version;
} Tasks;

static GOptionContext *
_make_context(CdSettings *self, Tasks *tasks, const GOptionEntry *entries)
{
  const GOptionEntry own[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &self->file,
      "Read this key file [" CD_SETTINGS_FILE ", if it is there]", "FILE" },
    { "check", 0, 0, G_OPTION_ARG_NONE, &tasks->check, "Check the settings and stop", NULL },
    { "print-config", 0, 0, G_OPTION_ARG_NONE, &tasks->print,
      "Print each setting and where it comes from", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &tasks->version, "Print the version", NULL },
    { NULL },
  };
  GOptionContext *context = g_option_context_new(NULL);
  GOptionGroup *group = g_option_group_new("main", NULL, NULL, self, NULL);

  g_option_group_add_entries(group, own);
  g_option_group_add_entries(group, entries);
  g_option_context_set_main_group(context, group);
  g_option_context_set_summary(
    context, "Serves terminals of a workspace, and writes one record for each that ends.");
  g_option_context_set_description(
    context,
    "Each setting can also stand in the environment, as CODER_AGENT_ and its name in upper case\n"
    "with _ for -, and in the group [" CD_SETTINGS_GROUP "] of the key file. Flags come first.\n");
  return context;
}

static CdSettingsTask
_get_task(const Tasks *tasks)
{
  if (tasks->version)
    return CD_SETTINGS_VERSION;
  if (tasks->print)
    return CD_SETTINGS_PRINT;
  return tasks->check ? CD_SETTINGS_CHECK : CD_SETTINGS_SERVE;
}

static gboolean
_read_flags(CdSettings *self, const gchar *const *argv, GError **error)
{
  g_auto(GStrv) arguments = g_strdupv((gchar **) argv);
  g_autoptr(GStringChunk) texts = g_string_chunk_new(1024);
  g_autofree GOptionEntry *entries = _make_entries(texts);
  Tasks tasks = { 0 };
  g_autoptr(GOptionContext) context = _make_context(self, &tasks, entries);
  g_autoptr(GError) wrong = NULL;

  if (!g_option_context_parse_strv(context, &arguments, &wrong))
    g_set_error_literal(error, CD_SETTINGS_ERROR, CD_SETTINGS_ERROR_USE, wrong->message);
  else if (arguments[0] && arguments[1])
    g_set_error(error, CD_SETTINGS_ERROR, CD_SETTINGS_ERROR_USE, "%s: no such argument",
                arguments[1]);
  self->task = _get_task(&tasks);
  return !*error;
}

/* --- environment and key file ----------------------------------------------------------------- */

static gboolean
_take_texts(CdSettings *self, CdSetting setting, gchar **texts, const gchar *origin, GError **error)
{
  for (gchar **text = texts; *text; text++)
    {
      if (!cd_setting_check(setting, *text, error))
        {
          g_prefix_error(error, "%s: ", origin);
          return FALSE;
        }
      _add(&self->values[setting], *text, origin);
    }
  return TRUE;
}

static gboolean
_read_environment(CdSettings *self, CdSetting setting, GError **error)
{
  g_autofree gchar *variable = cd_setting_get_variable(setting);
  const gchar *text = g_getenv(variable);
  gboolean is_list = cd_setting_get_info(setting)->kind == CD_SETTING_KIND_LIST;
  g_auto(GStrv) texts = NULL;

  if (!text || _is_set(&self->values[setting]))
    return TRUE;
  texts = g_strsplit_set(text, is_list ? " " : "", -1);
  return _take_texts(self, setting, texts, variable, error);
}

static gboolean
_read_key(CdSettings *self, GKeyFile *file, CdSetting setting, GError **error)
{
  const CdSettingInfo *info = cd_setting_get_info(setting);
  g_auto(GStrv) texts = NULL;

  if (_is_set(&self->values[setting])
      || !g_key_file_has_key(file, CD_SETTINGS_GROUP, info->name, NULL))
    return TRUE;
  if (info->kind == CD_SETTING_KIND_LIST)
    texts = g_key_file_get_string_list(file, CD_SETTINGS_GROUP, info->name, NULL, error);
  else
    {
      gchar *text = g_key_file_get_string(file, CD_SETTINGS_GROUP, info->name, error);
      texts = text ? g_new0(gchar *, 2) : NULL;
      if (texts)
        texts[0] = text;
    }
  return texts && _take_texts(self, setting, texts, self->file, error);
}

static gboolean
_check_keys(const CdSettings *self, GKeyFile *file, GError **error)
{
  g_auto(GStrv) keys = g_key_file_get_keys(file, CD_SETTINGS_GROUP, NULL, error);

  for (gchar **key = keys; key && *key; key++)
    if (_find(*key) == CD_N_SETTINGS)
      {
        g_set_error(error, CD_SETTINGS_ERROR, CD_SETTINGS_ERROR_FILE, "%s: no such key", *key);
        return FALSE;
      }
  return keys != NULL;
}

static gboolean
_load(CdSettings *self, GKeyFile *file, GError **error)
{
  g_autoptr(GError) why = NULL;

  if (g_key_file_load_from_file(file, self->file, G_KEY_FILE_NONE, &why)
      && _check_keys(self, file, &why))
    return TRUE;
  g_set_error(error, CD_SETTINGS_ERROR, CD_SETTINGS_ERROR_FILE, "%s: %s", self->file, why->message);
  return FALSE;
}

/* Returns: (nullable): %NULL where there is no file, or with an error */
static GKeyFile *
_open_file(CdSettings *self, GError **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new();

  if (!self->file && !g_file_test(CD_SETTINGS_FILE, G_FILE_TEST_EXISTS))
    return NULL;
  if (!self->file)
    self->file = g_strdup(CD_SETTINGS_FILE);
  return _load(self, file, error) ? g_steal_pointer(&file) : NULL;
}

static gboolean
_read_all(CdSettings *self, const gchar *const *argv, GError **error)
{
  g_autoptr(GKeyFile) file = NULL;
  g_autoptr(GError) wrong = NULL;

  if (!_read_flags(self, argv, &wrong))
    return g_propagate_error(error, g_steal_pointer(&wrong)), FALSE;
  file = _open_file(self, &wrong);
  for (CdSetting i = 0; i < CD_N_SETTINGS && !wrong; i++)
    {
      const gchar *standard = cd_setting_get_info(i)->standard;
      if (!_read_environment(self, i, &wrong) || (file && !_read_key(self, file, i, &wrong)))
        break;
      if (!_is_set(&self->values[i]) && standard)
        _add(&self->values[i], standard, "default");
    }
  if (!wrong)
    return TRUE;
  g_propagate_error(error, g_steal_pointer(&wrong));
  return FALSE;
}

/* --- life and use ----------------------------------------------------------------------------- */

CdSettings *
cd_settings_new(const gchar *const *argv, GError **error)
{
  g_autoptr(CdSettings) self = g_new0(CdSettings, 1);

  return _read_all(self, argv, error) ? g_steal_pointer(&self) : NULL;
}

void
cd_settings_free(CdSettings *self)
{
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      g_strfreev(self->values[i].texts);
      g_free(self->values[i].origin);
    }
  g_free(self->file);
  g_free(self);
}

CdSettingsTask
cd_settings_get_task(const CdSettings *self)
{
  return self->task;
}

const gchar *
cd_settings_get_text(const CdSettings *self, CdSetting setting)
{
  const Value *value = &self->values[setting];

  return _is_set(value) ? value->texts[0] : NULL;
}

const gchar *const *
cd_settings_get_list(const CdSettings *self, CdSetting setting)
{
  static const gchar *const none[] = { NULL };
  const Value *value = &self->values[setting];

  return _is_set(value) ? (const gchar *const *) value->texts : none;
}

gint64
cd_settings_get_number(const CdSettings *self, CdSetting setting)
{
  return g_ascii_strtoll(cd_settings_get_text(self, setting), NULL, 10);
}

gboolean
cd_settings_get_switch(const CdSettings *self, CdSetting setting)
{
  return g_str_equal(cd_settings_get_text(self, setting), "true");
}

const gchar *
cd_settings_get_origin(const CdSettings *self, CdSetting setting)
{
  const Value *value = &self->values[setting];

  return _is_set(value) ? value->origin : "default";
}

void
cd_settings_print(const CdSettings *self, GString *text)
{
  g_string_append(text, "[" CD_SETTINGS_GROUP "]\n");
  for (CdSetting i = 0; i < CD_N_SETTINGS; i++)
    {
      g_autofree gchar *value = NULL;

      value = g_strjoinv(";", (gchar **) cd_settings_get_list(self, i));
      g_string_append_printf(text, "# %s\n%s%s=%s\n", cd_settings_get_origin(self, i),
                             *value ? "" : "#", cd_setting_get_info(i)->name, value);
    }
}
