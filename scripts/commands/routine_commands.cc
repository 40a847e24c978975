// for, next, call, return, include, trap: ways through a script that the established firmware does not have.
#include "scripts/commands/table.h"
#include "scripts/fetching.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

namespace {

constexpr std::size_t kMostArguments = 9;  // of a routine: arg1 to arg9

util::Result<Flow*> flow_of(System& system) {
    if (!system.engine.in_script()) return kNotInScript;
    if (!system.flow) system.flow = TRY(util::make_owned<Flow>());
    return system.flow.get();
}

template <class T, class Condition>
void erase_if(util::Vector<T>& items, Condition goes) {
    for (std::size_t i = items.size(); i--;)
        if (goes(items[i])) items.erase(i);
}

// The place behind the line that ends a loop. The word and the setting stand there as they are, so that they are found without
// running what is between.
util::Result<LineReader::Place> find_next(Engine& engine, std::string_view setting) {
    LineReader lines(engine.running_image().content());
    lines.go_to(engine.place());
    while (!lines.at_end()) {
        WordReader words(TRY(lines.next()).text);
        if (util::equal(words.next().text, "next") && words.next().text == setting) return lines.place();
    }
    return kNoNext;
}

// Sets the setting to the loop's next value and goes on at its body; false: there is no further value.
util::Result<bool> advance(System& system, Loop& loop) {
    util::String value;
    if (!TRY(loop.take(value))) return false;
    TRY(system.settings.set(loop.setting.view(), value.view()));
    system.engine.go_to(loop.body);
    return true;
}

// The image that has the label: the one that runs, or one that was included, the latest first; nullptr: none has.
Image* find_label(System& system, std::string_view label, LineReader& at) {
    Engine& engine = system.engine;
    if (engine.find_label(label, at)) return &engine.running_image();
    std::size_t left = system.flow ? system.flow->libraries.size() : 0;
    while (left--) {
        Library& library = *system.flow->libraries[left];
        if (library.script != engine.script_frame()) continue;
        if (library.labels.find(label, at)) return &library.image;
    }
    return nullptr;
}

// arg1 to arg9 are those of the routine that runs; the caller's are put back when it has ended.
class Arguments {
  public:
    Arguments(Settings& settings) : settings_(settings) {}
    Arguments(const Arguments&) = delete;
    util::Result<void> set(std::span<const std::string_view> given) {
        util::Text<8> name;
        for (std::size_t i = 0; i < kMostArguments; ++i) {
            TRY(saved_.push(settings_.text(name_of(i, name))));
            settings_.put(name_of(i, name), i < given.size() ? given[i] : std::string_view());
        }
        return {};
    }
    ~Arguments() {
        util::Text<8> name;
        for (std::size_t i = 0; i < saved_.size(); ++i) settings_.put(name_of(i, name), saved_[i]);
    }

  private:
    static std::string_view name_of(std::size_t index, util::Text<8>& name) {
        name.clear();
        return name.text("arg").decimal(index + 1).view();
    }
    Settings& settings_;
    util::Vector<util::String> saved_;
};

// Goes to the label of a script's trap, once: the failure of what stands there is no loop.
bool spring_trap(System& system) {
    Engine& engine = system.engine;
    auto& traps = system.flow->traps;
    for (std::size_t i = 0; i < traps.size(); ++i) {
        if (traps[i].frame != engine.frame()) continue;
        util::String label = std::move(traps[i].label);
        traps.erase(i);
        if (engine.is_loud()) engine.print_last_error();
        util::Text<160> place;
        system.settings.put("error-line"sv, place.text(engine.running_image().name()).character(':').decimal(engine.line_number()).view());
        return engine.go_to(label.view()).ok();
    }
    return false;
}

// One library of a name: the latest.
util::Result<void> add_library(System& system, Image& image) {
    Flow& flow = *TRY(flow_of(system));
    Engine& engine = system.engine;
    erase_if(flow.libraries, [&](util::Owned<Library>& library) {
        return !engine.is_running(library->script) || library->image.name() == image.name();
    });
    return flow.libraries.push(TRY(util::make_owned<Library>(system.images, image, engine.script_frame())));
}

}  // namespace

util::Result<void> run_for(Invocation& call) {
    System& system = call.system;
    Engine& engine = system.engine;
    std::string_view setting = call.arguments[0];
    call.about(setting);
    if (!util::equal(call.arguments[1], "in")) return kInExpected;
    TRY(SettingReference::parse(setting));
    Flow& flow = *TRY(flow_of(system));
    LineReader::Place end = TRY(find_next(engine, setting)), body = engine.place();
    // One that was left by goto, and is entered anew.
    erase_if(flow.loops, [&](Loop& loop) {
        return !engine.is_running(loop.frame) || (loop.frame == engine.frame() && loop.setting.view() == setting);
    });
    if (flow.loops.size() == Flow::kMostLoops) return kTooManyLoops;
    TRY(flow.loops.push(Loop(engine.frame(), TRY(util::String::from(setting)), TRY(call.joined(2)), body)));
    auto advanced = advance(system, flow.loops.back());
    if (advanced.ok() && advanced.value()) return {};
    flow.loops.erase(flow.loops.size() - 1);
    TRY(std::move(advanced));
    engine.go_to(end);
    return {};
}

util::Result<void> run_next(Invocation& call) {
    System& system = call.system;
    std::string_view setting = call.arguments[0];
    call.about(setting);
    auto& loops = TRY(flow_of(system))->loops;
    std::size_t at = loops.size();
    do {
        if (!at--) return kNoFor;
    } while (loops[at].frame != system.engine.frame() || loops[at].setting.view() != setting);
    // Loops within it have been left.
    while (loops.size() > at + 1) loops.erase(at + 1);
    if (!TRY(advance(system, loops[at]))) loops.erase(at);
    return {};
}

util::Result<void> run_call(Invocation& call) {
    System& system = call.system;
    call.about(call.arguments[0]);
    if (!system.engine.in_script()) return kNotInScript;
    LineReader at({});
    Image* image = find_label(system, call.arguments[0], at);
    if (!image) return kNoSuchLabel;
    Arguments arguments(system.settings);
    TRY(arguments.set(call.arguments.subspan(1)));
    auto status = system.engine.run_part(*image, std::move(at));
    // What a routine answers is its caller's affair, like a test's result; what went wrong in it is not.
    if (!status.ok() && &status.failure() == &kReturnStatus) system.engine.report_as(Report::Quiet);
    return status;
}

util::Result<void> run_return(Invocation& call) {
    if (!call.system.engine.in_part()) return kNotInPart;
    bool fails = TRY(exit_status(call)) != 0;
    call.system.engine.leave_part(fails ? util::Result<void>(kReturnStatus) : util::Result<void>());
    return {};
}

util::Result<void> run_include(Invocation& call) {
    System& system = call.system;
    call.about(call.arguments[0]);
    Image* image = system.images.find(call.arguments[0]);
    if (!image) image = TRY(fetch_image(system, call.arguments[0], {}));
    if (!is_script(image->content())) return kNotScript;
    if (!system.engine.in_script()) return system.engine.run_script(*image);
    TRY(add_library(system, *image));
    return system.engine.run_part(*image, LineReader(image->content()));
}

util::Result<void> run_trap(Invocation& call) {
    System& system = call.system;
    Engine& engine = system.engine;
    call.about(call.argument(0));
    Flow& flow = *TRY(flow_of(system));
    LineReader at({});
    if (!call.arguments.empty() && !engine.find_label(call.arguments[0], at)) return kNoSuchLabel;
    erase_if(flow.traps, [&](TrapEntry& trap) { return trap.frame == engine.frame() || !engine.is_running(trap.frame); });
    if (call.arguments.empty()) return {};
    engine.set_trap(spring_trap);
    return flow.traps.push({engine.frame(), TRY(util::String::from(call.arguments[0]))});
}

}  // namespace scripts
