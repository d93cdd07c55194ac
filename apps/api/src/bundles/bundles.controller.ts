import { Controller, Get, HttpCode, HttpStatus, Param, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { BundleService, DatasetService } from '@app/datasets';
import type { Request, Response } from 'express';
import { Access, AccessService, actorOf, CurrentPrincipal, type Principal } from '../access/index.js';
import { setLocation } from '../http/location.js';
import { requireEarly } from '../uploads/early-check.js';
import { UploadForms } from '../uploads/upload-form.js';
import { BUNDLE_FORM, bundleFields, type BundleResponse, bundleSchema, toBundle } from './bundle.schemas.js';

const NEEDED_ROLE = 'analyst';
const FILES = { parts: ['files', 'files[]'], max: 20 };

@ApiTags('Bundles')
@Controller('bundles')
export class BundlesController {
  constructor(
    private readonly bundles: BundleService,
    private readonly datasets: DatasetService,
    private readonly forms: UploadForms,
    private readonly access: AccessService,
  ) {}

  /**
   * Send up to 20 related files at once. Each begins a dataset, and one task reads all of them: they are published together
   * or not at all. The links between them are made with them; rows that point at something which is not there are told
   * by the link and load all the same.
   */
  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @Access({ signedIn: true })
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: BUNDLE_FORM })
  @ApiAcceptedResponse({ standardSchema: bundleSchema })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BundleResponse> {
    const view = await this.forms.receive(
      request,
      {
        fields: bundleFields,
        files: FILES,
        onField: requireEarly(this.access, principal, NEEDED_ROLE),
        check: async (fields) => {
          await this.access.require(principal, fields.customerId, NEEDED_ROLE);
          await this.datasets.checkStore(fields);
        },
      },
      ({ fields: { customerId, name, storeId, links }, others, ...first }) =>
        this.bundles.accept({ customerId, name, storeId, links }, [first, ...others], actorOf(principal)),
    );
    setLocation(response, `/tasks/${view.task.id}`);
    return toBundle(view);
  }

  /** One bundle, with what was made of it. */
  @Get(':bundleId')
  @Access({ role: 'viewer', of: 'bundle', param: 'bundleId' })
  @ApiOkResponse({ standardSchema: bundleSchema })
  async get(@Param('bundleId') id: string): Promise<BundleResponse> {
    return toBundle(await this.bundles.view(await this.bundles.get(id)));
  }
}
