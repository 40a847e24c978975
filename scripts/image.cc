#include "scripts/image.h"

namespace scripts {

util::Result<Image*> ImageTable::insert(std::string_view name, std::string_view uri) {
    auto image = TRY(util::make_owned<Image>());
    TRY(image->name_.append(name));
    TRY(image->uri_.append(uri));
    if (Image* old = find(name)) free(*old);
    images_.push_back(*image);
    return image.release();
}

util::Result<Image*> ImageTable::add(std::string_view name, std::string_view uri,
                                     util::Vector<std::byte> bytes) {
    Image* image = TRY(insert(name, uri));
    image->bytes_ = std::move(bytes);
    return image;
}

util::Result<Image*> ImageTable::add_built_in(std::string_view name, std::string_view bytes) {
    Image* image = TRY(insert(name, {}));
    image->built_in_ = bytes;
    return image;
}

Image* ImageTable::find(std::string_view name) {
    for (Image& image : images_)
        if (image.name() == name) return &image;
    return nullptr;
}

void ImageTable::free(Image& image) {
    image.unlink();
    image.freed_ = true;
    if (image.uses_ == 0) util::Owned<Image>(&image).reset();
}

void ImageTable::free_all() {
    while (Image* image = images_.front()) free(*image);
}

ImageUse::~ImageUse() {
    if (--image_.uses_ == 0 && (image_.freed_ || image_.free_after_use_)) util::Owned<Image>(&image_).reset();
}

}  // namespace scripts
