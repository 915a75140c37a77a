-- Apart from their creation: validation reads the table under a lock that lets readers and writers pass.

ALTER TABLE public.post_media VALIDATE CONSTRAINT post_media_fate_check;
ALTER TABLE public.post_media VALIDATE CONSTRAINT post_media_role_check;
