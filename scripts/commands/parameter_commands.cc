// params, param: what is sent to an HTTP server.
#include "scripts/commands/table.h"
#include "scripts/system.h"

namespace scripts {

util::Result<void> run_params(Invocation& call) {
    std::string_view name = call.text("name");
    if (call.has("delete")) {
        call.system.form_parameters.remove(name);
        return {};
    }
    TRY(call.system.form_parameters.create(name));
    return {};
}

util::Result<void> run_param(Invocation& call) {
    call.about(call.arguments[0]);
    FormParameters* list = call.system.form_parameters.find(call.text("params"));
    if (!list) return kNoSuchParameters;
    util::String value = TRY(call.joined(1));
    return call.has("header") ? list->add_header(call.arguments[0], value) : list->add_field(call.arguments[0], value);
}

}  // namespace scripts
