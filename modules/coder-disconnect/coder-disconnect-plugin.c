/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-host.h"
#include "coder-disconnect-parser.h"

#include "plugin.h"
#include "plugin-types.h"

static Plugin coder_disconnect_plugins[] = {
  {
    .type = LL_CONTEXT_PARSER,
    .name = "coder-disconnect",
    .parser = &coder_disconnect_parser,
  },
};

/* The entry point that syslog-ng calls when it loads the module. */
gboolean coder_disconnect_module_init(PluginContext *context, CfgArgs *args);

gboolean
coder_disconnect_module_init(PluginContext *context, CfgArgs *args)
{
  if (!coder_host_check())
    return FALSE;
  plugin_register(context, coder_disconnect_plugins, G_N_ELEMENTS(coder_disconnect_plugins));
  return TRUE;
}

/* configure decides the symbol: module_info, or one of our own where the core knows that. */
extern const ModuleInfo MODULE_INFO_SYMBOL;

const ModuleInfo MODULE_INFO_SYMBOL = {
  .canonical_name = "coder-disconnect",
  .version = PACKAGE_VERSION,
  .description = "Recognises, classifies, tags and counts ended Coder workspace connections.",
  .core_revision = SYSLOG_NG_SOURCE_REVISION,
  .plugins = coder_disconnect_plugins,
  .plugins_len = G_N_ELEMENTS(coder_disconnect_plugins),
};
