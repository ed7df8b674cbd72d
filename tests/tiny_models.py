"""Tiny Coqui checkpoints with random weights, made on the spot: the sound is noise, the path is the real library's."""

import json
import warnings


def vits(folder, speakers=0):
    """A VITS checkpoint of a quarter of a million parameters in `folder`; the same for the same arguments."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch
        from TTS.tts.configs.vits_config import VitsConfig
        from TTS.tts.models.vits import Vits, VitsArgs, VitsCharacters

        folder.mkdir(parents=True, exist_ok=True)
        small = VitsArgs(
            hidden_channels=16, hidden_channels_ffn_text_encoder=16, num_heads_text_encoder=1,
            num_layers_text_encoder=1, num_layers_flow=1, num_layers_posterior_encoder=1,
            upsample_initial_channel_decoder=32, upsample_rates_decoder=[8, 8, 4], upsample_kernel_sizes_decoder=[16, 16, 8],
            resblock_kernel_sizes_decoder=[3], resblock_dilation_sizes_decoder=[[1, 3, 5]],
            use_sdp=False, init_discriminator=False,
            use_speaker_embedding=speakers > 0, speaker_embedding_channels=8,
        )  # fmt: skip
        config = VitsConfig(
            model_args=small, phonemizer="ja_jp_phonemizer", phoneme_language="ja-jp", use_phonemes=True,
            text_cleaner="basic_cleaners", phoneme_cache_path=str(folder / "phonemes"),
            use_speaker_embedding=speakers > 0, characters=VitsCharacters().to_config(),
        )  # fmt: skip
        if speakers:
            torch.save({f"host{n}": n - 1 for n in range(1, speakers + 1)}, folder / "speakers.pth")
            small.speakers_file = config.speakers_file = str(folder / "speakers.pth")
        torch.manual_seed(7)
        model = Vits.init_from_config(config)
        torch.save({"model": model.state_dict(), "config": config.to_dict()}, folder / "model.pth")
        config.save_json(folder / "config.json")
    return folder


def xtts(folder):
    """An XTTS checkpoint with a tiny vocabulary in `folder`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch
        from tokenizers import Tokenizer, models, pre_tokenizers
        from TTS.tts.configs.xtts_config import XttsConfig
        from TTS.tts.models.xtts import Xtts

        folder.mkdir(parents=True, exist_ok=True)
        letters = [*"abcdefghijklmnopqrstuvwxyz',.?!-", "[SPACE]", "[ja]", "[en]", "[UNK]", "[START]", "[STOP]"]
        tokenizer = Tokenizer(
            models.BPE(vocab={letter: n for n, letter in enumerate(letters)}, merges=[], unk_token="[UNK]")
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        tokenizer.add_special_tokens(["[SPACE]", "[ja]", "[en]", "[START]", "[STOP]", "[UNK]"])
        tokenizer.save(str(folder / "vocab.json"))
        config = XttsConfig()
        args = config.model_args
        args.gpt_layers, args.gpt_n_model_channels, args.gpt_n_heads = 1, 16, 1
        args.gpt_number_text_tokens = len(letters)
        args.gpt_start_text_token, args.gpt_stop_text_token = letters.index("[START]"), letters.index("[STOP]")
        args.gpt_max_audio_tokens, args.gpt_max_text_tokens, args.gpt_max_prompt_tokens = 30, 402, 70
        args.tokenizer_file = str(folder / "vocab.json")
        args.decoder_input_dim = args.gpt_n_model_channels
        config.languages = ["ja", "en"]
        torch.manual_seed(7)
        model = Xtts.init_from_config(config)
        model.init_models() if hasattr(model, "init_models") else None
        torch.save({"model": model.state_dict()}, folder / "model.pth")
        config.save_json(folder / "config.json")
    return folder


def languages_of(folder):
    """What a checkpoint's configuration says."""
    return json.loads((folder / "config.json").read_text(encoding="utf-8"))["languages"]
