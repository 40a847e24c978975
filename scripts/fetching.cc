#include "scripts/fetching.h"

#include <utility>

#include "scripts/completion.h"
#include "scripts/images/download.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

util::Result<net::Uri> resolve_uri(System& system, std::string_view text) {
    if (net::uri_scheme_length(text)) return net::Uri::parse(text);
    if (!system.engine.base_uri().empty())
        return net::Uri::resolve(TRY(net::Uri::parse(system.engine.base_uri())), text);
    return net::Uri::from_boot_file(system.settings.address("next-server"sv), text);
}

static std::string_view last_part(std::string_view path) {
    std::size_t slash = path.rfind('/');
    return slash == path.npos ? path : path.substr(slash + 1);
}

static util::Result<Image*> fetch_into(System& system, Download& download, std::string_view text, std::string_view name) {
    net::Uri uri = TRY(resolve_uri(system, text));
    auto [front, rest] = uri.shown();
    system.network.refresh_dns();
    system.fetch_context.detail.clear();
    util::print("%v%v...", &front, &rest);
    net::FetchRequest request;
    if (auto list = uri.params()) {
        FormParameters* parameters = system.form_parameters.find(*list);
        if (!parameters) return kNoSuchParameters;
        request.form = parameters->form.view();
        request.headers = parameters->headers.view();
    }
    auto fetched = net::fetch(system.fetch_context, uri, download, request);
    if (!fetched.ok()) {
        std::string_view detail = system.fetch_context.detail.view();
        util::print(" failed\n%s%v%s", detail.empty() ? "" : "  ", &detail, detail.empty() ? "" : "\n");
        return fetched.failure();
    }
    download.say_done();
    remember_uri(system, uri.text());
    std::string_view from = net::fetched_from(system.fetch_context, uri);
    return system.images.add(name.empty() ? last_part(uri.path()) : name, from.empty() ? uri.text() : from, download.place());
}

util::Result<Image*> fetch_image(System& system, std::string_view text, std::string_view name) {
    Download download(system.images, system.loop, system.fetch_context.detail);
    return fetch_into(system, download, text, name);
}

namespace {

// Cancels what waits in the loop, as Ctrl-C would, when a download has stood still for a time.
class StallLimit final : public util::Poller {
  public:
    StallLimit(util::Loop& loop, util::Duration limit, const Download& download)
        : loop_(loop), before_(loop.cancel()), limit_(limit), end_(loop.now() + limit), download_(download) {
        loop.add(*this);
    }
    ~StallLimit() override { loop_.set_cancel(before_); }
    bool poll(util::Instant now) override {
        std::uint32_t received = download_.place().size;
        if (std::exchange(received_, received) != received) end_ = now + limit_;
        if (now >= end_) loop_.set_cancel(util::Loop::Cancel::AtOnce);
        return false;
    }
    util::Instant poll_at() const override { return end_; }
    bool is_over() const { return loop_.cancel() == util::Loop::Cancel::AtOnce; }

  private:
    util::Loop& loop_;
    util::Loop::Cancel before_;
    util::Duration limit_;
    util::Instant end_;
    const Download& download_;
    std::uint32_t received_ = 0;
};

}  // namespace

util::Result<Image*> fetch_image_within(System& system, util::Duration limit, std::string_view text, std::string_view name) {
    if (limit.us() == 0) return fetch_image(system, text, name);
    Download download(system.images, system.loop, system.fetch_context.detail);
    StallLimit stall(system.loop, limit, download);
    auto image = fetch_into(system, download, text, name);
    if (!image.ok() && &image.failure() == &util::kCancelled && stall.is_over()) return kFetchStalled;
    return image;
}

}  // namespace scripts
