"""timm's networks as the oracle of their names, small enough for a fixture where timm's own arguments cannot make them so."""

from unittest import mock

import timm
from timm.models import senet, vgg


def create(architecture, num_classes, arguments):
    """The model that timm makes of a `config.json`; `width` and `pool` of VGG and `channels` of the legacy SENets are ours."""
    arguments = dict(arguments)
    if architecture.startswith("legacy_") and "channels" in arguments:
        return _thin_senet(architecture, num_classes, arguments)
    if architecture.startswith("vgg") and "width" in arguments:
        width = arguments.pop("width")
        thin = {k: [v if v == "M" else int(v * width) for v in cfg] for k, cfg in vgg.cfgs.items()}
        pool, head = arguments.pop("pool", 7), vgg.ConvMlp
        small = lambda channels, features, kernel, *rest, **options: head(channels, features, pool, *rest, **options)
        with mock.patch.dict(vgg.cfgs, thin), mock.patch.object(vgg, "ConvMlp", small):
            return timm.create_model(architecture, num_classes=num_classes, **arguments)
    return timm.create_model(architecture, num_classes=num_classes, **arguments)


def _thin_senet(architecture, num_classes, arguments):
    """timm fixes the planes of each stage at 64 to 512."""
    planes = dict(zip((64, 128, 256, 512), arguments.pop("channels")))
    make = senet.SENet._make_layer

    def thin(self, block, **options):
        return make(self, block, **{**options, "planes": planes[options["planes"]]})

    with mock.patch.object(senet.SENet, "_make_layer", thin):
        model = timm.create_model(architecture, num_classes=num_classes, **arguments)
    model.num_features = model.inplanes
    model.reset_classifier(num_classes)
    return model
